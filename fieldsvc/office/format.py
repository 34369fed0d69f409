"""How times, numbers and sizes are written on the office's pages. No clock: the page's time is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Format:
    """The writing habits of one language in one time zone, at one moment.

    `dated`: for what is kept for years, and so says the year of every day.
    """

    language: str
    zone: ZoneInfo
    now_ms: int
    dated: bool = False

    def local(self, at_ms: int) -> datetime:
        """The wall clock at that moment in the deployment's time zone."""
        # Not fromtimestamp(): a phone's clock may stand in year 30000 and must not break the page.
        try:
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)).astimezone(self.zone)
        except OverflowError:
            return datetime(9999, 12, 31, tzinfo=self.zone)

    def day(self, at_ms: int) -> str:
        """11月22日, with the year when it is not this year's."""
        return self._day(self.local(at_ms))

    def _day(self, at: datetime) -> str:
        same_year = not self.dated and at.year == self.local(self.now_ms).year
        if self.language == "zh":
            return f"{at.month}月{at.day}日" if same_year else f"{at.year}年{at.month}月{at.day}日"
        day = f"{at.day} {_MONTHS[at.month - 1]}"
        return day if same_year else f"{day} {at.year}"

    def time(self, at_ms: int) -> str:
        """11月22日 14:05."""
        return f"{self.day(at_ms)} {self.local(at_ms):%H:%M}"

    def full_time(self, at_ms: int) -> str:
        """2026-11-22 14:05:09, for the facts of a record and for print."""
        return f"{self.local(at_ms):%Y-%m-%d %H:%M:%S}"

    def ago(self, at_ms: int) -> str:
        """How long ago, in days at most: 今天, 昨天, 3 天前."""
        days = (self.local(self.now_ms).date() - self.local(at_ms).date()).days
        if self.language == "zh":
            return "今天" if days <= 0 else "昨天" if days == 1 else f"{days} 天前"
        return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"

    def date_text(self, value: str) -> str:
        """An answer of the form 2026-11-22 in the reader's words; anything else unchanged."""
        try:
            return self._day(datetime.fromisoformat(value[:10]).replace(tzinfo=self.zone))
        except ValueError:
            return value

    def month(self, month: int) -> str:
        """2026年11月 or Nov 2026, from 202611."""
        year, number = divmod(month, 100)
        return f"{year}年{number}月" if self.language == "zh" else f"{_MONTHS[number - 1]} {year}"

    def minutes(self, from_ms: int, to_ms: int) -> str:
        """How long something took, to the minute."""
        minutes = max(0, round((to_ms - from_ms) / 60_000))
        return f"{minutes} 分钟" if self.language == "zh" else f"{minutes} min"

    def since(self, at_ms: int) -> str:
        """How long ago something was, in minutes and never none: nobody did a thing 0 minutes ago."""
        return self.minutes(min(at_ms, self.now_ms - 60_000), self.now_ms)

    def size(self, number_of_bytes: int) -> str:
        """A file's size: 12 KB, 1.4 MB."""
        if number_of_bytes < 1_000_000:
            return f"{max(1, round(number_of_bytes / 1000))} KB"
        return f"{number_of_bytes / 1_000_000:.1f} MB"

    def metres(self, metres: float) -> str:
        """A distance no more exact than a phone's position deserves."""
        if metres < 1000:
            return f"{round(metres)} m"
        return f"{metres / 1000:.1f} km"

    def amount(self, value: Decimal) -> str:
        """A sum without the zeroes nobody needs: 3,030 and 3,030.50."""
        return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"

    def share(self, part: int, whole: int) -> str:
        """83.6 %（353/422）: a percentage never stands without the counts it was made from.

        Rounded half up to one decimal, in whole numbers: every share of the office is rounded here and nowhere else
        (the seeds' own figures were cut here and rounded there, and so did not add up).
        """
        counts = f"（{part}/{whole}）" if self.language == "zh" else f" ({part}/{whole})"
        if not whole:
            return f"–{counts}"
        tenths = (2000 * part + whole) // (2 * whole)
        return f"{tenths // 10}.{tenths % 10} %{counts}"


def month_of(at_ms: int, zone: ZoneInfo) -> int:
    """The month of that moment as 202611."""
    at = datetime.fromtimestamp(at_ms / 1000, zone)
    return at.year * 100 + at.month


def months_back(month: int, number: int) -> list[int]:
    """`month` and the months before it, newest first."""
    year, index = divmod(month, 100)
    count = year * 12 + index - 1
    return [(count - back) // 12 * 100 + (count - back) % 12 + 1 for back in range(number)]

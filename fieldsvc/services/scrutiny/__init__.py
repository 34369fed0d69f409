"""What a person should look at in a visit: facts about photos, places and dates, never about travel or wording.

A flag rejects nothing and blocks nothing. It is raised in the background from what is committed, says both facts in
words, and a supervisor dismisses it with a reason or acts on the visit as on any other.
"""

from fieldsvc.services.scrutiny.desk import Shown, dismiss, of_visit
from fieldsvc.services.scrutiny.look import clock_is_off, look_at_clock, look_at_photo, sweep

__all__ = ["Shown", "clock_is_off", "dismiss", "look_at_clock", "look_at_photo", "of_visit", "sweep"]

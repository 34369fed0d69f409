"""What can be wrong with a sheet that somebody uploads, before any of its rows is looked at."""

from __future__ import annotations

from typing import ClassVar

from fieldsvc.problems.base import Problem


class SheetUnreadable(Problem):
    """The file is no .xlsx, .xls or .csv, is damaged or locked with a password, or has no row of headings."""

    status = 422
    code = "sheet-unreadable"
    title: ClassVar = {"zh": "表格读不出来。", "en": "The sheet cannot be read."}
    remedy: ClassVar = {
        "zh": "用 Excel 或 WPS 打开，取消密码，另存为 .xlsx 再上传；第一张工作表要有一行列名。",
        "en": "Open it in Excel, take the password off, save it as .xlsx; the first sheet needs a row of headings.",
    }


class SheetTooLarge(Problem):
    """The file is larger than 20 MB, unpacks to more than can be read, or has more than 100,000 rows."""

    status = 413
    code = "sheet-too-large"
    title: ClassVar = {"zh": "表格太大。", "en": "The sheet is too large."}
    remedy: ClassVar = {
        "zh": "删去图片和不用的列，或者按乡镇分成几份上传。",
        "en": "Remove pictures and columns that are not needed, or upload it town by town.",
    }


class SheetMerged(Problem):
    """Below the headings cells are merged: only the first of them holds anything, so rows would lose values."""

    status = 422
    code = "sheet-merged"
    title: ClassVar = {"zh": "表格里有合并单元格。", "en": "The sheet has merged cells."}
    remedy: ClassVar = {
        "zh": "取消列名以下的合并单元格，把每一行填完整，再上传。",
        "en": "Unmerge the cells below the headings, write every row in full, and upload it again.",
    }

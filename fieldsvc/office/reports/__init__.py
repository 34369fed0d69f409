"""The office's reports (报表): the shelf, one report on screen, as PDF and as a workbook with a chart."""

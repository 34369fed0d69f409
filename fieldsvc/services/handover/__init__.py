"""结对交接: households go from one person to another, at once or from a day on, one by one or all together."""

"""The day on which a target will be reached, as a range that says how often such ranges were right. Pure.

course: what an area had recorded by each day; calibration: how long forecasts like this one really took; walk: the
forecasts of a whole campaign, each from what was known on its day; score: how good they were; reachable: whether the
target can be reached at all; files: campaigns and targets as CSV.
"""

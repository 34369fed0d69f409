"""Places on the earth, without a map: distances, and the systems in which Chinese maps shift every point.

Pure: numbers in, numbers out.
"""

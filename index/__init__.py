"""From source files to a searchable index on disk. This room asks no question and writes no answer."""

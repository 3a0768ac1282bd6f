"""The main job: a day through the whole path, in RTL and on the host, compared row by row."""

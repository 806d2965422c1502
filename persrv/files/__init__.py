"""Files of this machine: locks, and the JSON and pictures of strangers, read within limits."""

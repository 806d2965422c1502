"""Methods that the evaluation compares, behind one contract."""

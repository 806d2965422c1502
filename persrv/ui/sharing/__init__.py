"""Sharing: a link with what is asked for, what of the page will not travel, and the code of an embedded card"""

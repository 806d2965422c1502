"""Engines of recall behind one contract: this process (numpy or compiled), or a Milvus cluster."""

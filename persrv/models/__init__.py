"""Small models that answer online by ONNX Runtime: encoders of pictures and text, and a captioner."""

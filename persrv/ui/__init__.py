"""The page: pure view functions and their composition. The only room of `persrv` that imports gradio."""

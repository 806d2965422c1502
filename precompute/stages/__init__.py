"""One stage a module; a stage never imports a stage."""

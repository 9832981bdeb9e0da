//! Border of the template engine.

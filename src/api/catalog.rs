//! Border of the catalogue engine.

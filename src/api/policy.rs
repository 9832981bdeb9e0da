//! Border of the policy engine.

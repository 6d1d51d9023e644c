//! From hits to findings: fingerprints, thresholds, order, the verdict.

//! From the command line's PATHs to packages and the addresses of their artifacts.

//! The pipeline, and nothing else: discover, read, extract, analyse, judge, in this order.

//! Browser glue with twins for the server that do nothing, so that pages need no feature gates.

//! The frames of the socket `/ws`, shared by server and client.

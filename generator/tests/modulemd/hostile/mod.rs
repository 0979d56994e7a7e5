//! Inputs made to break readers: each gives the right answer or a clear error, in little time, and the verdict is
//! libmodulemd's but for what `fixtures/oracle/DIFFERENCES.md` lists.

mod cases;
mod large;
mod verdicts;

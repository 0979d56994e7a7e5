//! `modex-publish modules`: module documents by themselves, without an index.

mod args;
mod input;
mod merge;
mod show;
mod unique;
mod validate;

pub(crate) use args::ModulesArgs;

use crate::Answer;
use crate::failure::Failure;
use crate::output::Output;
use args::ModulesCommand;

pub(crate) fn run(args: &ModulesArgs, output: &mut Output) -> Result<Answer, Failure> {
    match &args.command {
        ModulesCommand::Validate(args) => validate::run(args, output),
        ModulesCommand::Merge(args) => merge::run(args, output),
        ModulesCommand::Show(args) => show::run(args, output),
        ModulesCommand::Unique(args) => unique::run(args, output),
    }
}

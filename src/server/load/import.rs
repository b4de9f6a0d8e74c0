//! A large table of cards through the real import: upload, preview, confirm.

use super::{
    Failure, Target,
    figures::{Figures, ms},
    teacher::{Teacher, table},
};
use clap::Args;

#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    target: Target,
    #[arg(long, default_value_t = 10_000)]
    rows: u32,
}

impl Import {
    pub async fn run(self) -> Result<(), Failure> {
        let teacher = Teacher::enter(&self.target).await?;
        let deck = teacher.create_deck("Load: a large table").await?;
        let times = teacher.import(deck, table(self.rows)).await?;
        if times.added != u64::from(self.rows) {
            return Err(format!("{} of {} rows were added", times.added, self.rows));
        }
        let mut figures = Figures::default();
        figures.add("rows", f64::from(self.rows), "");
        figures.add("upload", ms(times.upload), "ms");
        figures.add("preview", ms(times.preview), "ms");
        figures.add("confirm", ms(times.confirm), "ms");
        figures.add("import", ms(times.upload + times.preview + times.confirm), "ms");
        figures.print(self.target.json);
        Ok(())
    }
}

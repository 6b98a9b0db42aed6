//! A campaign that reaches the customers of a CSV.

use super::{ZONE, day_start};
use crate::cli::CampaignArgs;
use crate::error::usage;
use anyhow::{Result, anyhow};
use perennial_definitions::{GLOBAL_CONTROL, HOLDOUT};
use perennial_listen::read::{ReadOptions, open};
use perennial_model::Zone;
use perennial_sim::Campaign;
use std::path::Path;

/// What the column of member numbers may be called.
const MEMBER: [&str; 2] = ["user_id", "member"];
const GROUP: &str = "group";

/// The campaign that the command line names.
pub(crate) fn campaign(arguments: &CampaignArgs) -> Result<Option<Campaign>> {
    let CampaignArgs { file: Some(file), day: Some(day), days, effect: Some(effect) } = arguments else {
        return Ok(None);
    };
    let day = Zone::named(ZONE)?.day(day_start("--campaign-day", day)?);
    Ok(Some(Campaign { day, days: *days, effect: *effect, members: reached(file)? }))
}

/// Member numbers of everybody but those who are left alone; who has none cannot be reached.
fn reached(file: &Path) -> Result<Vec<String>> {
    let options = ReadOptions { header: Some(true), ..ReadOptions::default() };
    let unreadable = |problem| usage(format!("--campaign {}: {problem}", file.display()));
    let mut sources = open(file, &options).map_err(unreadable)?;
    let source = sources.pop().ok_or_else(|| anyhow!("--campaign {}: nothing is in it", file.display()))?;
    let column = |names: &[&str]| source.header().iter().position(|name| names.contains(&name.as_str()));
    let (Some(member), Some(group)) = (column(&MEMBER), column(&[GROUP])) else {
        let command = "`perennial experiment assignments NAME --key user_id` writes both";
        return Err(usage(format!("--campaign {}: it has no columns user_id and group; {command}", file.display())));
    };
    let (mut members, mut rows) = (Vec::new(), source.rows().map_err(unreadable)?);
    while let Some(row) = rows.next().map_err(unreadable)? {
        let (member, group) = (row.get(member).trim(), row.get(group).trim());
        if ![HOLDOUT, GLOBAL_CONTROL, ""].contains(&group) && !member.is_empty() {
            members.push(member.to_owned());
        }
    }
    Ok(members)
}

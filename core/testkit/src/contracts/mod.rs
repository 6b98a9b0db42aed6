//! What every adapter of a port must do. The checks are tests: they assert.
#![expect(clippy::unwrap_used, reason = "a contract suite runs only as a test; a failure must stop it")]

pub mod accounts;
pub mod disk;
pub mod files;
pub mod hot_log;
pub mod store;
pub mod store_aside;
pub mod store_consents;
pub mod store_definitions;
pub mod store_experiments;
pub mod store_groups;
pub mod store_identities;
pub mod store_memberships;
pub mod store_orders;
pub mod store_suggestions;
pub mod store_write_keys;

/// Runs the contract of [`perennial_ports::Store`]; takes an `async fn(&Path) -> impl Store` that
/// opens the store in a directory, and opens the same one again. A second argument, a
/// `fn(&Path) -> bool`, tells whether the store can be tested on this machine.
#[macro_export]
macro_rules! store_contract {
    ($open:expr) => {
        $crate::store_contract!($open, |_| true);
    };
    ($open:expr, $testable:expr) => {
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store;
            a_new_store_is_empty,
            what_was_fixed_stays_fixed,
            every_column_of_a_run_comes_back,
            runs_are_retired_quarantined_and_forgotten,
            concurrent_commits_conflict,
            a_failed_commit_changes_nothing,
            numbers_are_never_given_twice,
            merges_are_journalled_and_undone,
            aliases_are_set_moved_and_removed,
            imports_remember_how_far_they_came,
            properties_keep_their_order_and_type,
            parameters_have_versions,
            settings_are_overwritten,
            what_is_declared_leaves_a_mark,
            reopening_keeps_everything,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_identities;
            identities_keep_their_first_profile,
            identities_are_found_in_the_order_asked,
            many_identities_are_found,
            identities_of_profiles_are_listed,
            erased_profiles_leave_only_hashes,
            merges_of_profiles_are_found,
            keys_bound_on_their_own_tell_who_has_them,
            a_key_taken_away_is_free,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_suggestions;
            names_seen_with_a_phone_are_told_once_each,
            a_pair_is_one_suggestion_in_either_order,
            a_decided_suggestion_stays_decided,
            suggestions_of_profiles_are_found,
            erasure_takes_names_and_suggestions,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_orders;
            the_last_owner_of_an_order_counts,
            many_orders_are_found_in_the_order_asked,
            a_failed_commit_moves_no_order,
            an_erased_profile_owns_no_order,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_aside;
            schemas_have_versions,
            messages_kept_aside_come_back_once,
            too_many_messages_are_refused_whole,
            reasons_of_what_is_aside_are_counted,
            an_erased_key_takes_its_messages_along,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_write_keys;
            write_keys_are_kept_in_their_order,
            a_write_key_is_revoked_once,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_consents;
            changes_of_consent_come_back_with_their_proof,
            a_change_of_consent_is_never_rewritten,
            consents_come_with_the_manifest,
            erasure_takes_consents,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_definitions;
            every_version_of_definitions_comes_back,
            versions_are_listed_newest_first,
            definitions_made_from_an_older_version_are_refused,
            of_versions_made_at_once_one_is_kept,
            definitions_leave_a_mark_and_survive_an_erasure,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_groups;
            groups_come_back_by_kind_and_name,
            members_are_counted_as_they_come_and_go,
            many_members_come_and_go_at_once,
            groups_of_profiles_are_told,
            a_removed_group_leaves_no_member,
            every_change_of_groups_is_another_version,
            a_failed_change_of_a_group_changes_nothing,
            erasure_takes_members_and_merges_do_not,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_memberships;
            memberships_come_back_as_recorded,
            a_record_is_kept_whole_or_not_at_all,
            what_says_nothing_is_not_recorded,
            a_late_pack_stands_for_all_before_it,
            numbers_of_changes_are_never_given_twice,
            changes_are_paged_by_number,
            only_old_changes_that_are_packed_are_pruned,
            a_forgotten_membership_keeps_its_sizes,
            erasure_takes_changes_of_memberships,
            the_later_size_of_a_day_stays,
            sizes_are_found_by_segment_and_day,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_experiments;
            cohorts_come_back_whole,
            an_experiment_begins_once,
            erased_customers_leave_every_cohort,
        }
    };
}

/// Runs the contract of [`perennial_ports::Accounts`], and of the audit of definitions and groups; takes
/// what [`store_contract!`] takes.
#[macro_export]
macro_rules! accounts_contract {
    ($open:expr) => {
        $crate::accounts_contract!($open, |_| true);
    };
    ($open:expr, $testable:expr) => {
        $crate::contract_tests! { async $open, $testable, $crate::contracts::accounts;
            the_first_owner_is_made_once,
            a_link_sets_a_password_once,
            the_last_owner_stays,
            sessions_end,
            tokens_are_found_by_their_hash,
            what_was_done_is_listed,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_definitions;
            a_version_of_definitions_is_in_the_audit,
        }
        $crate::contract_tests! { async $open, $testable, $crate::contracts::store_groups;
            changes_of_groups_are_in_the_audit,
        }
    };
}

/// Runs the contract of [`perennial_ports::HotLog`]; as that of the store.
#[macro_export]
macro_rules! hot_log_contract {
    ($open:expr) => {
        $crate::hot_log_contract!($open, |_| true);
    };
    ($open:expr, $testable:expr) => {
        $crate::contract_tests! { async $open, $testable, $crate::contracts::hot_log;
            batches_are_read_in_order,
            sequences_are_never_used_again,
            concurrent_appends_all_stay,
            rewritten_batches_keep_their_place,
            no_rows_are_no_trouble,
        }
    };
}

/// Runs the contract of [`perennial_ports::Files`]; takes a `fn(&Path) -> impl Files`.
#[macro_export]
macro_rules! files_contract {
    ($open:expr) => {
        $crate::contract_tests! { $open, $crate::contracts::files;
            what_is_put_is_read,
            a_missing_file_is_named,
            ranges_past_the_end_are_refused,
            names_are_listed_by_folder_and_sorted,
            names_that_lead_elsewhere_are_refused,
            deleting_twice_is_fine,
            putting_again_replaces,
        }
    };
}

/// Runs the contract of [`perennial_ports::Disk`]; takes a `fn(&Path) -> impl Disk`.
#[macro_export]
macro_rules! disk_contract {
    ($open:expr) => {
        $crate::contract_tests! { $open, $crate::contracts::disk;
            written_bytes_are_read,
            writing_again_replaces,
            a_rename_replaces,
            a_missing_file_is_an_error,
            only_files_directly_inside_are_listed,
            folders_are_made_with_their_parents,
        }
    };
}

/// One test for each check of a contract.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_tests {
    (async $open:expr, $testable:expr, $module:path; $($check:ident),* $(,)?) => { $(
        #[tokio::test]
        async fn $check() {
            use $module as contract;
            let folder = $crate::TestFolder::new();
            let testable: fn(&std::path::Path) -> bool = $testable;
            if !testable(folder.path()) {
                return;
            }
            let open = $open;
            contract::$check(async || open(folder.path()).await).await;
        }
    )* };
    ($open:expr, $module:path; $($check:ident),* $(,)?) => { $(
        #[test]
        fn $check() {
            use $module as contract;
            let folder = $crate::TestFolder::new();
            let open = $open;
            contract::$check(&open(folder.path()), folder.path());
        }
    )* };
}

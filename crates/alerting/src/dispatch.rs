//! From alerts to groups: the route tree says who hears of what, and how it is gathered.

mod group;
mod route;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Labels;

use crate::Moment;
use crate::alert::Alert;

pub(crate) use group::{Flush, Group};
pub(crate) use route::{Route, RouteTree};

/// How many groups there may be.
const GROUPS_MAX: usize = 100_000;

/// Which group: its route and its labels.
pub(crate) type GroupId = (usize, Labels);

/// All groups of alerts.
#[derive(Debug)]
pub(crate) struct Dispatcher {
    routes: RouteTree,
    groups: BTreeMap<GroupId, Group>,
    refused: u64,
}

impl Dispatcher {
    pub(crate) fn new(routes: RouteTree) -> Self {
        Dispatcher { routes, groups: BTreeMap::new(), refused: 0 }
    }

    pub(crate) fn routes(&self) -> &RouteTree {
        &self.routes
    }

    /// Puts an alert into a group of each route that matches it.
    pub(crate) fn insert(&mut self, alert: &Arc<Alert>, now: Moment) {
        for index in self.routes.matching(&alert.labels) {
            let route = self.routes.get(index);
            let labels = route.options.group_labels(&alert.labels);
            let id = (index, labels);
            if let Some(group) = self.groups.get_mut(&id) {
                group.insert(alert);
                continue;
            }
            if self.groups.len() >= GROUPS_MAX {
                self.refused += 1;
                tracing::error!(labels = %alert.labels, limit = GROUPS_MAX, "too many groups of alerts");
                continue;
            }
            let mut group = Group::new(route, &id.1, now);
            group.insert(alert);
            let wait = route.options.group_wait;
            // What has been known for longer than the group would wait is told at once.
            if alert.starts_at.checked_add_signed(wait).is_some_and(|ready| ready < now.wall) {
                group.flush_at(now.mono_ms);
            }
            self.groups.insert(id, group);
        }
    }

    /// The groups whose time has come.
    pub(crate) fn due(&self, mono_ms: i64) -> Vec<GroupId> {
        self.groups
            .iter()
            .filter(|(_, group)| group.is_due(mono_ms))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// When the next group's time comes, in monotonic milliseconds.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.groups.values().filter_map(Group::next_due).min()
    }

    pub(crate) fn get_mut(&mut self, id: &GroupId) -> Option<&mut Group> {
        self.groups.get_mut(id)
    }

    /// Begins a notification of a group; nothing is due of it until [`Dispatcher::finish`].
    pub(crate) fn flush(&mut self, id: &GroupId, now: Moment) -> Option<Flush> {
        let route = self.routes.get(id.0);
        self.groups.get_mut(id)?.flush(route, now)
    }

    /// Ends a notification. What was told as resolved is forgotten, and with its last alert the
    /// group.
    pub(crate) fn finish(&mut self, id: &GroupId, success: bool) {
        let Some(group) = self.groups.get_mut(id) else { return };
        group.finish(success);
        if group.is_empty() {
            self.groups.remove(id);
        }
    }

    /// All groups with their routes.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&Route, &Labels, &Group)> {
        self.groups.iter().map(|((route, labels), group)| (self.routes.get(*route), labels, group))
    }

    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// How many alerts found no group because there were too many.
    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }
}

#[cfg(test)]
mod tests;

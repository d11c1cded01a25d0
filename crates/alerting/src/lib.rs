//! Rules, routing, inhibition, silences, templates and notifiers.

//! Made-up samples in the shapes that real ones have, the same in every run.

/// Labels and what gives the series its values.
pub(super) struct Series {
    pub(super) labels: Vec<(String, String)>,
    shape: Shape,
    seed: u64,
}

/// How values go on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Always the same.
    Constant(f64),
    /// A counter that grows by about this much a second.
    Counter(f64),
    /// A counter of whole numbers that begins anew every so many samples.
    Restarting(u32),
    /// A gauge around a value.
    Gauge(f64),
    /// A gauge that is missing a third of the time.
    Sometimes(f64),
    /// 0 or 1, for a while each.
    Switch,
    /// The share of a counter of so many a second that lies below a bucket's bound.
    Bucket { rate: f64, share: f64 },
    /// The time of the sample in seconds, held for so many samples.
    Clock(u32),
}

/// Series with a sample every [`Dataset::interval_ms`].
pub(super) struct Dataset {
    pub(super) series: Vec<Series>,
    pub(super) start_ms: i64,
    pub(super) interval_ms: i64,
    pub(super) samples: u32,
}

impl Dataset {
    /// The instant of a sample.
    pub(super) fn time_ms(&self, sample: u32) -> i64 {
        self.start_ms + i64::from(sample) * self.interval_ms
    }

    /// The instant of the last sample.
    pub(super) fn end_ms(&self) -> i64 {
        self.time_ms(self.samples - 1)
    }

    pub(super) fn add(&mut self, name: &str, labels: &[(&str, &str)], shape: Shape) {
        let mut all = vec![("__name__".to_owned(), name.to_owned())];
        all.extend(labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        all.sort();
        let seed = mix(self.series.len() as u64);
        self.series.push(Series { labels: all, shape, seed });
    }
}

impl Series {
    /// The value at a sample, if there is one.
    pub(super) fn value(&self, dataset: &Dataset, sample: u32) -> Option<f64> {
        let noise = |of: u32| unit(mix(self.seed ^ mix(u64::from(of))));
        let seconds = dataset.interval_ms as f64 / 1000.0;
        // Counters do not begin near zero, where versions of Prometheus extrapolate differently.
        let counted =
            |rate: f64| 1e5 * rate.max(1.0) + rate * seconds * (f64::from(sample) + noise(sample));
        Some(match self.shape {
            Shape::Constant(value) => value,
            Shape::Counter(rate) => {
                (counted(rate * (0.5 + noise(u32::MAX))) * 100.0).round() / 100.0
            }
            Shape::Restarting(period) => f64::from(5_000 + sample % period * 3),
            Shape::Gauge(around) => around * (0.75 + 0.5 * noise(sample)),
            Shape::Sometimes(around) if noise(sample / 4) > 0.33 => around * noise(sample),
            Shape::Sometimes(_) => return None,
            Shape::Switch => f64::from(u8::from(noise(sample / 16) > 0.5)),
            Shape::Bucket { rate, share } => (counted(rate) * share).floor(),
            Shape::Clock(hold) => {
                (dataset.time_ms(sample / hold * hold) as f64 / 1000.0 - 3.0).floor()
            }
        })
    }
}

/// What services and hosts export: an hour of it.
pub(super) fn services(start_ms: i64) -> Dataset {
    let mut set = Dataset { series: Vec::new(), start_ms, interval_ms: 15_000, samples: 241 };
    for number in 0..3 {
        service(&mut set, number);
        host(&mut set, number);
    }
    set
}

fn service(set: &mut Dataset, number: u32) {
    let instance = format!("demo-{number}:8080");
    let own = [("instance", instance.as_str()), ("job", "demo")];
    let of = |label, value| [own[0], own[1], (label, value)];
    let scale = f64::from(number + 1);
    set.add("demo_num_cpus", &own, Shape::Constant(2.0 * scale));
    set.add("demo_is_holiday", &own, Shape::Switch);
    set.add("demo_intermittent_metric", &own, Shape::Sometimes(2.0));
    set.add("demo_items_shipped_total", &own, Shape::Counter(7.0 * scale));
    set.add("demo_restarting_total", &own, Shape::Restarting(37 + number));
    set.add("demo_disk_usage_bytes", &own, Shape::Counter(1e6 * scale));
    set.add("demo_disk_total_bytes", &own, Shape::Constant(5e11));
    set.add("demo_batch_last_success_timestamp_seconds", &own, Shape::Clock(20));
    set.add("up", &own, Shape::Switch);
    for mode in ["idle", "system", "user"] {
        set.add("demo_cpu_usage_seconds_total", &of("mode", mode), Shape::Counter(0.3 * scale));
    }
    for (kind, bytes) in [("free", 9e8), ("used", 2.1e9), ("cached", 8e7)] {
        set.add("demo_memory_usage_bytes", &of("type", kind), Shape::Gauge(bytes * scale));
    }
    for (path, method, status, rate) in [
        ("/api/foo", "GET", "200", 40.0),
        ("/api/foo", "GET", "500", 1.0),
        ("/api/bar", "POST", "200", 9.0),
        ("/api/bar", "POST", "503", 0.2),
    ] {
        let name = |suffix| format!("demo_api_request_duration_seconds_{suffix}");
        let labels = [own[0], own[1], ("method", method), ("path", path), ("status", status)];
        let rate = rate * scale;
        for (le, share) in
            [("0.01", 0.11), ("0.05", 0.52), ("0.25", 0.83), ("1", 0.97), ("+Inf", 1.0)]
        {
            let labels = [&labels[..], &[("le", le)]].concat();
            set.add(&name("bucket"), &labels, Shape::Bucket { rate, share });
        }
        set.add(&name("count"), &labels, Shape::Bucket { rate, share: 1.0 });
        set.add(&name("sum"), &labels, Shape::Counter(rate / 10.0));
    }
}

fn host(set: &mut Dataset, number: u32) {
    let instance = format!("host-{number}:9100");
    let own = [("instance", instance.as_str()), ("job", "node")];
    let of = |label, value| [own[0], own[1], (label, value)];
    let nodename = format!("host-{number}");
    set.add("node_uname_info", &of("nodename", &nodename), Shape::Constant(1.0));
    set.add("node_load1", &own, Shape::Gauge(1.5));
    set.add("node_boot_time_seconds", &own, Shape::Constant(1.7e9));
    set.add("node_time_seconds", &own, Shape::Clock(1));
    set.add("node_context_switches_total", &own, Shape::Counter(4_321.0));
    set.add("node_memory_MemTotal_bytes", &own, Shape::Constant(3.37e10));
    set.add("node_memory_MemAvailable_bytes", &own, Shape::Gauge(2e10));
    set.add("node_memory_MemFree_bytes", &own, Shape::Gauge(9e9));
    set.add("up", &own, Shape::Constant(1.0));
    for cpu in ["0", "1", "2", "3"] {
        for mode in ["idle", "iowait", "irq", "nice", "softirq", "steal", "system", "user"] {
            let labels = [own[0], own[1], ("cpu", cpu), ("mode", mode)];
            set.add("node_cpu_seconds_total", &labels, Shape::Counter(0.12));
        }
    }
    for device in ["eth0", "lo"] {
        for (name, rate) in [
            ("node_network_receive_bytes_total", 1e5),
            ("node_network_transmit_bytes_total", 4e4),
            ("node_disk_read_time_seconds_total", 0.02),
            ("node_disk_reads_completed_total", 3.0),
        ] {
            set.add(name, &of("device", device), Shape::Counter(rate));
        }
    }
    for (mountpoint, fstype) in [("/", "ext4"), ("/run", "tmpfs"), ("/data", "xfs")] {
        let labels = [own[0], own[1], ("fstype", fstype), ("mountpoint", mountpoint)];
        set.add("node_filesystem_size_bytes", &labels, Shape::Constant(1e12));
        set.add("node_filesystem_avail_bytes", &labels, Shape::Gauge(4e11));
        set.add("node_filesystem_files", &labels, Shape::Constant(6e7));
        set.add("node_filesystem_files_free", &labels, Shape::Gauge(5e7));
    }
}

/// One, a hundred and two thousand series of each kind, long enough for a thousand steps.
pub(super) fn sizes(start_ms: i64) -> Dataset {
    let mut set = Dataset { series: Vec::new(), start_ms, interval_ms: 15_000, samples: 1_241 };
    for (size, name) in [(1, "one"), (100, "hundred"), (2_000, "thousands")] {
        for number in 0..size {
            let (l, group) = (number.to_string(), (number % 10).to_string());
            let labels = [("group", group.as_str()), ("job", "bench"), ("l", &l)];
            set.add(&format!("counter_{name}_total"), &labels, Shape::Counter(3.0));
            set.add(&format!("gauge_{name}"), &labels, Shape::Gauge(100.0));
        }
        for number in 0..(size / 10).max(1) {
            let l = number.to_string();
            for (le, share) in [
                ("0.001", 0.01),
                ("0.01", 0.11),
                ("0.05", 0.3),
                ("0.1", 0.45),
                ("0.25", 0.6),
                ("0.5", 0.75),
                ("1", 0.9),
                ("2.5", 0.95),
                ("5", 0.99),
                ("+Inf", 1.0),
            ] {
                let labels = [("job", "bench"), ("l", l.as_str()), ("le", le)];
                set.add(
                    &format!("histogram_{name}_bucket"),
                    &labels,
                    Shape::Bucket { rate: 20.0, share },
                );
            }
        }
    }
    set
}

/// The finaliser of splitmix64 (Steele, Lea and Flood, 2014).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number from 0 up to 1.
fn unit(random: u64) -> f64 {
    (random >> 11) as f64 / (1u64 << 53) as f64
}

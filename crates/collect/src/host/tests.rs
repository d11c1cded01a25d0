//! A machine made of files.

use env::{Env, Fs, RealFs};
use protocols::exposition::{Entry, Parser};
use testkit::TempDir;

use super::*;

/// Files of a small machine.
const FILES: [(&str, &str); 33] = [
    (
        "proc/stat",
        "cpu  10 0 0 0 0 0 0 0 0 0\ncpu0 100 10 50 1000 5 1 2 3 40 4\ncpu1 1 2 3 4 5 6 7 8 9 10\n\
         intr 77 1 2\nctxt 88\nbtime 1700000000\nprocesses 99\nprocs_running 2\nprocs_blocked 1\n",
    ),
    ("proc/loadavg", "0.50 1.25 2.00 1/234 5678\n"),
    ("proc/meminfo", "MemTotal:  2048 kB\nActive(anon):  1 kB\nHugePages_Total:   3\n"),
    ("proc/vmstat", "nr_free_pages 5\noom_kill 1\npgfault 2\npgmajfault 3\npgpgin 4\npswpout 5\n"),
    ("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\n"),
    (
        "proc/pressure/io",
        "some avg10=0 avg60=0 avg300=0 total=2\nfull avg10=0 avg60=0 avg300=0 total=1000000\n",
    ),
    (
        "proc/diskstats",
        " 8 0 sda 1 2 3 4000 5 6 7 8 9 1000 11 12 13 14 15 16 17\n 8 1 sda1 1 1 1 1\n",
    ),
    ("run/udev/data/b8:0", "S:disk\nE:ID_MODEL=Fast\nE:ID_SERIAL=long\nE:ID_SERIAL_SHORT=S1\n"),
    ("sys/block/sda/queue/rotational", "1\n"),
    (
        "proc/1/mountinfo",
        "1 0 8:1 / / rw - ext4 /dev/sda1 ro\n2 0 0:5 / /proc rw - proc proc rw\n3 0 8:2 / /gone rw - xfs /dev/sdb rw\n",
    ),
    (
        "proc/net/dev",
        "Inter-| Receive\n face |bytes\n    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
    ),
    ("sys/class/net/lo/ifindex", "1\n"),
    ("sys/class/net/lo/operstate", "up\n"),
    ("sys/class/net/lo/flags", "0x9\n"),
    ("sys/class/net/lo/mtu", "65536\n"),
    ("sys/class/net/lo/speed", "1000\n"),
    ("sys/class/net/lo/statistics/rx_nohandler", "6\n"),
    (
        "proc/net/arp",
        "IP HW Flags Address Mask Device\n1.2.3.4 0x1 0x2 aa * eth0\n1.2.3.5 0x1 0x2 bb * eth0\n",
    ),
    ("proc/sys/net/netfilter/nf_conntrack_count", "5\n"),
    ("proc/sys/net/netfilter/nf_conntrack_max", "10\n"),
    ("proc/net/stat/nf_conntrack", "entries found drop\n0a 01 10\n0a 02 10\n"),
    ("proc/net/netstat", "TcpExt: SyncookiesSent Other TCPTimeouts\nTcpExt: 1 2 3\n"),
    ("proc/net/snmp", "Ip: Forwarding Other\nIp: 1 2\nTcp: CurrEstab InErrs\nTcp: 4 5\n"),
    ("proc/net/snmp6", "Ip6InOctets 7\nIcmp6InErrors 8\nUdpLite6InErrors 9\nIp6InNoRoutes 1\n"),
    ("proc/net/sockstat", "sockets: used 12\nTCP: inuse 3 orphan 0 mem 2\n"),
    ("proc/net/softnet_stat", "0000000a 00000001 0 0 0 0 0 0 0 00000002 0 3 00000004\n"),
    ("proc/net/udp", "header\n 1: a b 07 00000010:00000001 x\n 2: a b 07 00000001:00000002 x\n"),
    ("proc/schedstat", "version 15\ncpu0 0 0 0 0 0 0 2000000000 3000000000 4\n"),
    ("proc/sys/kernel/random/entropy_avail", "256\n"),
    ("proc/sys/fs/file-nr", "100 0 5000\n"),
    ("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n"),
    ("sys/class/thermal/thermal_zone0/temp", "45500\n"),
    ("sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n"),
];

/// What the files become.
const EXPECTED: &str = r#"
node_arp_entries{device="eth0"} 2
node_boot_time_seconds 1700000000
node_context_switches_total 88
node_cpu_guest_seconds_total{cpu="0",mode="nice"} 0.04
node_cpu_guest_seconds_total{cpu="0",mode="user"} 0.4
node_cpu_seconds_total{cpu="0",mode="idle"} 10
node_cpu_seconds_total{cpu="0",mode="steal"} 0.03
node_cpu_seconds_total{cpu="1",mode="user"} 0.01
node_disk_flush_requests_time_seconds_total{device="sda"} 0.017
node_disk_info{device="sda",major="8",minor="0",model="Fast",path="",revision="",rotational="1",serial="S1",wwn=""} 1
node_disk_io_now{device="sda"} 9
node_disk_read_bytes_total{device="sda"} 1536
node_disk_read_time_seconds_total{device="sda"} 4
node_entropy_available_bits 256
node_filefd_allocated 100
node_filefd_maximum 5000
node_filesystem_device_error{device="/dev/sda1",fstype="ext4",mountpoint="/"} 0
node_filesystem_mount_info{device="/dev/sda1",major="8",minor="1",mountpoint="/"} 1
node_filesystem_readonly{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1
node_forks_total 99
node_intr_total 77
node_load1 0.5
node_load15 2
node_load5 1.25
node_memory_Active_anon_bytes 1024
node_memory_HugePages_Total 3
node_memory_MemTotal_bytes 2097152
node_netstat_Icmp6_InErrors 8
node_netstat_Ip6_InOctets 7
node_netstat_Ip_Forwarding 1
node_netstat_TcpExt_SyncookiesSent 1
node_netstat_TcpExt_TCPTimeouts 3
node_netstat_Tcp_CurrEstab 4
node_netstat_Tcp_InErrs 5
node_netstat_UdpLite6_InErrors 9
node_network_flags{device="lo"} 9
node_network_info{address="",adminstate="up",broadcast="",device="lo",duplex="",ifalias="",operstate="up"} 1
node_network_mtu_bytes{device="lo"} 65536
node_network_receive_bytes_total{device="lo"} 1
node_network_receive_multicast_total{device="lo"} 8
node_network_receive_nohandler_total{device="lo"} 6
node_network_speed_bytes{device="lo"} 125000000
node_network_transmit_compressed_total{device="lo"} 16
node_network_up{device="lo"} 1
node_nf_conntrack_entries 5
node_nf_conntrack_stat_drop 32
node_nf_conntrack_stat_found 3
node_os_info{build_id="",id="debian",id_like="",image_id="",image_version="",name="Debian GNU/Linux",pretty_name="",variant="",variant_id="",version="",version_codename="",version_id="12"} 1
node_os_version{id="debian",id_like="",name="Debian GNU/Linux"} 12
node_pressure_cpu_waiting_seconds_total 1.5
node_pressure_io_stalled_seconds_total 1
node_procs_blocked 1
node_procs_running 2
node_schedstat_running_seconds_total{cpu="0"} 2
node_schedstat_timeslices_total{cpu="0"} 4
node_scrape_collector_success{collector="cpu"} 1
node_scrape_collector_success{collector="dmi"} 0
node_scrape_collector_success{collector="filesystem"} 1
node_sockstat_TCP_inuse 3
node_sockstat_TCP_mem_bytes 8192
node_sockstat_sockets_used 12
node_softnet_processed_total{cpu="4"} 10
node_softnet_received_rps_total{cpu="4"} 2
node_thermal_zone_temp{zone="0",type="x86_pkg_temp"} 45.5
node_udp_queues{ip="v4",queue="rx"} 3
node_udp_queues{ip="v4",queue="tx"} 17
node_vmstat_oom_kill 1
node_vmstat_pgmajfault 3
node_vmstat_pswpout 5
"#;

fn write(dir: &TempDir, name: &str, content: &str) {
    let path = dir.path().join(name);
    RealFs.create_dir_all(path.parent().unwrap()).unwrap();
    RealFs.write_atomic(&path, content.as_bytes()).unwrap();
}

fn machine() -> (TempDir, Arc<Host>) {
    let dir = TempDir::new("collect-host");
    for (name, content) in FILES {
        write(&dir, name, content);
    }
    let host = Host::new(Env::real(), dir.path().to_owned());
    (dir, host)
}

#[test]
fn files_become_metrics() {
    let (_dir, host) = machine();
    let text = host.text();
    for line in EXPECTED.lines().filter(|line| !line.is_empty()) {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    for unwanted in ["sda1\"}", "node_vmstat_nr_free_pages", "Ip6_InNoRoutes", "\"/proc\""] {
        assert!(!text.contains(unwanted), "{unwanted}");
    }
    let failed =
        text.lines().find(|l| l.starts_with("node_filesystem_device_error{device=\"/dev/sdb\""));
    assert!(failed.unwrap().contains("device_error=\"") && failed.unwrap().ends_with(" 1"));
    assert!(text.contains("node_filesystem_size_bytes{device=\"/dev/sda1\""));
    assert!(!text.contains("node_filesystem_size_bytes{device=\"/dev/sdb\""));
}

/// The families and series of a text, none of which may come twice.
fn parse(text: &str) -> Vec<String> {
    let mut parser = Parser::new(Format::Text, text.as_bytes()).unwrap();
    let mut series = Vec::new();
    let mut families = Vec::new();
    while let Some(entry) = parser.next_entry().unwrap() {
        match entry {
            Entry::Sample(sample) => {
                let sample = sample.label_set().to_string();
                assert!(!series.contains(&sample), "{sample} comes twice");
                series.push(sample);
            }
            Entry::Type { family, .. } => {
                assert!(!families.contains(&family.to_string()), "{family} comes twice");
                families.push(family.into_owned());
            }
            _ => {}
        }
    }
    series
}

#[test]
fn the_text_can_be_parsed() {
    let (_dir, host) = machine();
    assert!(parse(&host.text()).len() > 150);
}

#[test]
fn this_machine_has_the_essentials() {
    let host = Host::new(Env::real(), "/".into());
    let text = host.text();
    parse(&text);
    for name in [
        "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"}",
        "node_memory_MemAvailable_bytes",
        "node_load1",
        "node_uname_info{",
        "node_time_seconds",
        "node_boot_time_seconds",
    ] {
        assert!(text.contains(&format!("\n{name}")), "{name}");
    }
}

#[test]
fn counters_of_processors_do_not_go_back() {
    let (dir, host) = machine();
    let idle = |text: &str| {
        let start = "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} ";
        text.lines().find_map(|line| line.strip_prefix(start)).unwrap().to_owned()
    };
    for (ticks, expected) in [(1000, "10"), (900, "10"), (1100, "11"), (700, "7")] {
        write(&dir, "proc/stat", &format!("cpu0 0 0 0 {ticks} 0 0 0 0 0 0\n"));
        assert_eq!(idle(&host.text()), expected, "{ticks}");
    }
}

#[test]
fn an_empty_machine_says_so() {
    let dir = TempDir::new("collect-host-empty");
    let host = Host::new(Env::real(), dir.path().to_owned());
    let text = host.text();
    assert!(text.contains("node_scrape_collector_success{collector=\"cpu\"} 0"));
    let worked = text.lines().filter(|line| line.starts_with("node_scrape_collector_success"));
    assert!(worked.filter(|line| line.ends_with(" 1")).count() <= 1, "{text}");
}

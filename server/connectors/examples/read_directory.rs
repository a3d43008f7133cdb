//! Reads everything from a directory and says how long it took and how much memory it needed.
//!
//!     cargo run --release -p connectors --example read_directory -- \
//!         ldap://127.0.0.1:3890 dc=contoso,dc=test cn=reader,dc=contoso,dc=test secret

use std::{env, fs, process, time::Instant};

use connectors::{
    Observation, ReadEvent, ReadRequest, Source,
    ldap::{LdapSettings, LdapSettingsDraft, LdapSource},
};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [url, base_dn, bind_dn, password] = arguments.as_slice() else {
        eprintln!("Give an address, a base, an account and its password.");
        process::exit(2);
    };
    let draft = LdapSettingsDraft {
        url: url.clone(),
        start_tls: false,
        ca_certificate_pem: None,
        bind_dn: bind_dn.clone(),
        bind_password: password.as_str().into(),
        base_dn: base_dn.clone(),
    };
    match LdapSettings::check(draft) {
        Ok(settings) => read(&LdapSource::new(settings)).await,
        Err(mistakes) => {
            for mistake in mistakes {
                eprintln!("{}", mistake.message);
            }
            process::exit(2);
        }
    }
}

async fn read(source: &LdapSource) {
    let begin = Instant::now();
    let mut reading = match source.read(ReadRequest::Everything).await {
        Ok(reading) => reading,
        Err(error) => return eprintln!("{error}"),
    };
    let (mut objects, mut values) = (0_u64, 0_u64);
    while let Some(event) = reading.events.recv().await {
        match event {
            Ok(ReadEvent::Page(page)) => {
                for observation in page {
                    objects += 1;
                    values += values_of(&observation);
                }
            }
            Ok(ReadEvent::End(_)) => {
                let seconds = begin.elapsed().as_secs_f64();
                let rate = objects as f64 / seconds;
                let peak = peak_memory();
                println!("{objects} objects, {values} values, {seconds:.2} s, {rate:.0}/s, {peak}");
            }
            Err(error) => eprintln!("{error}"),
        }
    }
}

fn values_of(observation: &Observation) -> u64 {
    match observation {
        Observation::Present(object) => {
            let values = object
                .attributes
                .iter()
                .map(|(_, values)| values.len() as u64);
            values.sum()
        }
        Observation::Unchanged(_) | Observation::Gone(_) => 0,
    }
}

/// The greatest resident set so far, where the system tells it.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    format!("peak memory {}", peak.unwrap_or("unknown").trim())
}

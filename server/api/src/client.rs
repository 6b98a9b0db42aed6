//! From where a request comes: its address, also behind a proxy that is trusted to tell.

use axum::http::{HeaderMap, Uri, header};
use std::net::IpAddr;
use std::str::FromStr;

/// The other end of the connection; put there by whoever accepts connections.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// From where a request comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub address: IpAddr,
    /// Whether it came over HTTPS.
    pub https: bool,
    /// Whether it is a program of this machine, with no sign of a proxy between.
    pub near: bool,
    /// The host that the browser asked for, with the port if it named one.
    pub host: Option<String>,
}

/// Addresses with a common beginning, written as `10.0.0.0/8` or as one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("{text:?} is no network: write it as 10.0.0.0/8, 192.0.2.7 or fd00::/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let first: IpAddr = address.parse().map_err(|_| form())?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| form()))?;
        if bits > most { Err(form()) } else { Ok(Self { first, bits }) }
    }
}

impl Network {
    /// Whether it is one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                (first.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                (first.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(self.bits)
            }
            _ => false,
        }
    }
}

impl Client {
    /// By the headers, as far as the other end is a trusted proxy. Each proxy adds to the end of
    /// `X-Forwarded-For`, so the last address that is no trusted proxy counts; what stands before it
    /// anybody may have written.
    #[must_use]
    pub fn of(peer: IpAddr, headers: &HeaderMap, uri: &Uri, trusted: &[Network]) -> Self {
        let trusts = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
        let host = text(headers, header::HOST.as_str()).or_else(|| uri.authority().map(ToString::to_string));
        if !trusts(peer) {
            let address = peer.to_canonical();
            let proxied = ["x-forwarded-for", "forwarded", "via"].iter().any(|name| headers.contains_key(*name));
            return Self { address, https: false, near: address.is_loopback() && !proxied, host };
        }
        let forwarded: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
        let mut address = peer;
        for told in forwarded.iter().rev().flat_map(|list| list.rsplit(',')) {
            let Ok(told) = told.trim().parse() else { break };
            address = told;
            if !trusts(told) {
                break;
            }
        }
        let https = text(headers, "x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        let host = text(headers, "x-forwarded-host").or(host);
        Self { address: address.to_canonical(), https, near: false, host }
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(|value| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, headers: &[(&'static str, &'static str)]) -> Client {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        Client::of(peer.parse().unwrap(), &map, &Uri::from_static("/"), &trusted)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let told = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-proto", "https"), ("host", "crm.example")];
        let believed = client("10.1.2.3", &told);
        assert_eq!((believed.address.to_string().as_str(), believed.https), ("192.0.2.1", true));
        let not = client("203.0.113.9", &told);
        assert_eq!((not.address.to_string().as_str(), not.https), ("203.0.113.9", false));
        assert_eq!(client("::ffff:10.0.0.1", &told).address.to_string(), "192.0.2.1");
    }

    #[test]
    fn what_a_client_wrote_itself_does_not_count() {
        let told = [("x-forwarded-for", "1.1.1.1, 192.0.2.7, 10.0.0.9"), ("x-forwarded-for", "10.0.0.8")];
        assert_eq!(client("10.1.2.3", &told).address.to_string(), "192.0.2.7");
        assert_eq!(client("10.1.2.3", &[("x-forwarded-for", "nonsense")]).address.to_string(), "10.1.2.3");
    }

    #[test]
    fn a_proxy_of_this_machine_is_not_this_machine() {
        assert!(client("127.0.0.1", &[]).near && client("::ffff:127.0.0.1", &[]).near);
        assert!(!client("127.0.0.1", &[("x-forwarded-for", "127.0.0.1")]).near);
        assert!(!client("::1", &[]).near, "a trusted proxy's");
        assert!(!client("192.0.2.1", &[]).near);
    }

    #[test]
    fn networks_are_read_and_wrong_ones_named() {
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("8.8.8.8".parse().unwrap()) && !all.contains("2001:db8::1".parse().unwrap()));
        for wrong in ["10.0.0.0/33", "ten", "10.0.0.0/", "::/129"] {
            assert!(wrong.parse::<Network>().unwrap_err().contains(wrong), "{wrong}");
        }
    }
}

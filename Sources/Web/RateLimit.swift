/// The policies. Names are part of the API: they stand in `RateLimit-Policy` and in `violated-policies`.
///
/// Limits are there to share, not to save: one organisation may take what a small server gives, and no more. Strangers
/// are counted by address, and a mobile carrier puts thousands of phones behind one.
extension RateLimit {
    /// Ordinary reading and writing: a hundred a second for strangers, ten thousand for an organisation.
    package static let standard = RateLimit(name: "standard", quota: 6000, memberQuota: 600_000, windowSeconds: 60)
    /// Uploads of whole inventories and histories, each worth thousands of requests.
    package static let bulk = RateLimit(name: "bulk", quota: 60, memberQuota: 600, windowSeconds: 60)
    /// Verifying hashes reads and hashes a whole chain; for strangers it also slows the enumeration of VINs.
    package static let verification = RateLimit(
        name: "verification",
        quota: 1200,
        memberQuota: 60_000,
        windowSeconds: 60
    )
    /// Credentials that turned out wrong, by address.
    package static let authentication = RateLimit(name: "authentication", quota: 120, windowSeconds: 60)
    /// Paths that do not exist and requests that are turned away at the door, by address: whoever sends many is
    /// searching.
    package static let stray = RateLimit(name: "stray", quota: 120, windowSeconds: 60)
    /// Probes and scrapes of the operator's own machines.
    package static let operations = RateLimit(name: "operations", quota: 6000, windowSeconds: 60)
}

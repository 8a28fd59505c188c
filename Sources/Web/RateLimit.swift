/// The policies. Names are part of the API: they stand in `RateLimit-Policy` and in `violated-policies`.
extension RateLimit {
    /// Ordinary reading and writing: ten a second on average.
    package static let standard = RateLimit(name: "standard", quota: 600, windowSeconds: 60)
    /// Uploads of whole inventories and histories, each worth thousands of requests.
    package static let bulk = RateLimit(name: "bulk", quota: 30, windowSeconds: 60)
    /// What strangers may ask without a credential, such as verifying hashes: slows the enumeration of VINs.
    package static let verification = RateLimit(name: "verification", quota: 120, windowSeconds: 60)
    /// Credentials that turned out wrong, by address.
    package static let authentication = RateLimit(name: "authentication", quota: 30, windowSeconds: 60)
    /// Probes and scrapes of the operator's own machines.
    package static let operations = RateLimit(name: "operations", quota: 6000, windowSeconds: 60)
}

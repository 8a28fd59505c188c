import HTTPTypes

/// The headers that the frame itself reads, gathered in one pass: looking each up would walk all of them each time.
struct KnownHeaders: Sendable {
    private(set) var accept: String?
    private(set) var acceptLanguage: String?
    private(set) var authorization: String?
    private(set) var contentDigest: String?
    private(set) var contentEncoding: String?
    private(set) var contentLength: String?
    private(set) var contentType: String?
    private(set) var cookie: String?
    private(set) var expect: String?
    private(set) var fetchSite: String?
    private(set) var forwardedFor: String?
    private(set) var idempotencyKey: String?
    private(set) var ifNoneMatch: String?
    private(set) var origin: String?
    private(set) var requestID: String?
    private(set) var secondHost: String?
    private(set) var transferEncoding: String?
    private(set) var upgrade: String?

    init(_ fields: HTTPFields) {
        for field in fields { add(field) }
    }

    private mutating func add(_ field: HTTPField) {
        switch field.name {
        case .accept: join(&accept, field.value)
        case .acceptLanguage: join(&acceptLanguage, field.value)
        case .authorization: join(&authorization, field.value)
        case .contentDigest: join(&contentDigest, field.value)
        case .contentEncoding: join(&contentEncoding, field.value)
        case .contentLength: join(&contentLength, field.value)
        case .contentType: join(&contentType, field.value)
        // RFC 6265, section 5.4: pairs are apart by semicolons, however many fields they came in.
        case .cookie: cookie = cookie.map { "\($0); \(field.value)" } ?? field.value
        case .expect: join(&expect, field.value)
        case .fetchSite: join(&fetchSite, field.value)
        case .forwardedFor: join(&forwardedFor, field.value)
        case .idempotencyKey: join(&idempotencyKey, field.value)
        case .ifNoneMatch: join(&ifNoneMatch, field.value)
        case .origin: join(&origin, field.value)
        case .requestID: join(&requestID, field.value)
        case .secondHost: join(&secondHost, field.value)
        case .transferEncoding: join(&transferEncoding, field.value)
        case .upgrade: join(&upgrade, field.value)
        default: break
        }
    }

    /// Several fields of one name are one list (RFC 9110, section 5.3).
    private func join(_ known: inout String?, _ value: String) {
        known = known.map { "\($0), \(value)" } ?? value
    }
}

import Core

/// `application/x-www-form-urlencoded`, as the WHATWG URL standard has browsers write it.
enum FormBody {
    static let mediaType = "application/x-www-form-urlencoded"

    /// - Throws: `invalidRequest` naming every field that is wrong.
    static func fields(_ bytes: some Collection<UInt8>, known: Set<String>) throws -> [String: String] {
        guard !bytes.isEmpty else { return [:] }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(.malformedRequest) }
        let faults = FaultCollector()
        let fields = encodedMembers(text[...], known: known, at: "/", .ofForm, faults)
        try faults.throwIfAny()
        return fields
    }
}

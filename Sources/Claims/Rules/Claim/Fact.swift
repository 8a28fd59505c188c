package import Core

/// Something that happened to a claim, an advance or a complaint. The frame of all three is kept alike: what is written
/// is read again exactly, and nothing else is.
package protocol Fact: Stored {
    associatedtype Body: FactBody

    /// From 1, without a gap.
    var number: Int64 { get }
    var at: Instant { get }
    var by: Caller { get }
    var why: String? { get }
    var body: Body { get }

    init(number: Int64, at: Instant, by: Caller, why: String?, body: Body)
}

/// What happened.
package protocol FactBody: Sendable {
    associatedtype Kind: RawRepresentable<String> & CaseIterable

    /// What a row is found by.
    var kind: Kind { get }
    /// What there is besides the kind.
    var data: JSON { get }

    init?(_ kind: Kind, stored data: inout ObjectReader)
}

/// Far more than any claim has: a limit for what is read again, so that a broken row is seen.
private let factNumbers: ClosedRange<Int64> = 1...1_000_000

extension Fact {
    package var json: JSON {
        [
            "number": .integer(number),
            "at": JSON(at),
            "by": by.json,
            "why": .optional(why) { JSON($0) },
            "kind": JSON(body.kind.rawValue),
            "data": body.data,
        ]
    }

    package init?(stored reader: inout ObjectReader) {
        let number = reader.integer("number", in: factNumbers)
        let at = reader.instant("at")
        let by = reader.stored("by", Caller.self)
        let why = reader.text("why", required: false)
        let kind = reader.oneOf("kind", Body.Kind.self)
        guard var data = reader.object("data"), let number, let at, let by, let kind else { return nil }
        let body = Body(kind, stored: &data)
        data.refuseUnknownMembers()
        guard let body else { return nil }
        self.init(number: number, at: at, by: by, why: why, body: body)
    }
}

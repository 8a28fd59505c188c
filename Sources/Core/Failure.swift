/// Text in the two languages that the product speaks. Chinese comes first: it is what most callers read.
package struct LocalizedText: Sendable, Hashable {
    package let zh: String
    package let en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

/// What sort of refusal a failure is. How each becomes an HTTP status is decided in one place, in `Web`.
package enum FailureKind: Sendable, Hashable, CaseIterable {
    /// The request cannot be read at all.
    case malformed
    /// The request can be read, and breaks a rule.
    case invalid
    /// The caller has not shown who it is.
    case unauthenticated
    /// The caller is known and may not do this.
    case forbidden
    /// There is no such thing, or not for this caller.
    case notFound
    /// The state of the world does not allow it now.
    case conflict
    /// The caller's picture of the resource is out of date.
    case stale
    /// The caller has tried too often, and has to wait.
    case throttled
    /// The service cannot answer at the moment; the same request may succeed later.
    case unavailable
    /// The store has no room left.
    case full
}

/// A class of problem: what a program branches on. Each is declared once, by the slice that raises it.
package struct ProblemType: Sendable, Hashable {
    /// Stable, `snake_case`. Part of the API's contract: never renamed.
    package let code: String
    package let kind: FailureKind
    package let title: LocalizedText

    package init(_ code: String, _ kind: FailureKind, zh: String, en: String) {
        self.code = code
        self.kind = kind
        self.title = LocalizedText(zh: zh, en: en)
    }
}

/// One thing wrong with one member of a request.
package struct Fault: Sendable, Hashable {
    /// RFC 6901 JSON pointer to the member; the empty string is the whole document.
    package let pointer: String
    /// Stable, `snake_case`.
    package let code: String
    package let detail: LocalizedText

    package init(pointer: String, code: String, detail: LocalizedText) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }

    package init(_ pointer: String, _ code: String, zh: String, en: String) {
        self.init(pointer: pointer, code: code, detail: LocalizedText(zh: zh, en: en))
    }
}

/// The error that every layer below HTTP throws when it refuses. Anything else that is thrown is a defect.
package struct Failure: Error, Sendable, Hashable {
    package let type: ProblemType
    package let detail: LocalizedText
    /// Every fault found, not only the first, up to the limits of `FaultCollector`.
    package let faults: [Fault]
    /// When trying again makes sense, in seconds.
    package let retryAfterSeconds: Int?

    package init(
        _ type: ProblemType,
        zh: String? = nil,
        en: String? = nil,
        faults: [Fault] = [],
        retryAfterSeconds: Int? = nil
    ) {
        self.type = type
        self.detail = LocalizedText(zh: zh ?? type.title.zh, en: en ?? type.title.en)
        self.faults = faults
        self.retryAfterSeconds = retryAfterSeconds
    }
}

extension ProblemType {
    package static let malformedJSON = ProblemType(
        "malformed_json",
        .malformed,
        zh: "请求体不是合法的 JSON",
        en: "The body is not valid JSON"
    )
    package static let invalidRequest = ProblemType(
        "invalid_request",
        .invalid,
        zh: "请求中有不符合要求的内容",
        en: "The request breaks one or more rules"
    )
}

/// Gathers faults while a document is read, so that the caller is told all of them at once.
///
/// A hostile body can hold hundreds of thousands of them, each with a long pointer; past the limits nothing more is
/// kept, so that the answer does not outgrow the request.
package final class FaultCollector {
    /// How many faults are kept.
    package static let maximumCount = 100
    /// Once the pointers have this many bytes together, no further fault is kept.
    package static let maximumPointerBytes = 16 << 10

    package private(set) var faults: [Fault] = []
    private var pointerBytes = 0

    package init() {}

    /// Whoever goes to some length to describe a fault asks this first.
    package var isFull: Bool {
        faults.count >= FaultCollector.maximumCount || pointerBytes >= FaultCollector.maximumPointerBytes
    }

    package func add(_ fault: Fault) {
        guard !isFull else { return }
        pointerBytes += fault.pointer.utf8.count
        faults.append(fault)
    }

    package func add(_ pointer: String, _ code: String, zh: String, en: String) {
        add(Fault(pointer, code, zh: zh, en: en))
    }

    /// - Throws: `Failure` of `type` naming every fault kept, if there is one.
    package func throwIfAny(_ type: ProblemType = .invalidRequest) throws {
        guard !faults.isEmpty else { return }
        throw Failure(type, faults: faults)
    }
}

extension ProblemType {
    /// Every type that this target raises.
    package static let core: [ProblemType] = [
        .malformedJSON, .invalidRequest, .amountOutOfRange, .invalidSplit, .calendarYearUnknown,
    ]
}

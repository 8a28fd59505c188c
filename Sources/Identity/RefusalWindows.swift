import Core
import Web

/// Refusals that are the same to whoever reads the trail.
struct RefusalKind: Hashable {
    /// `org_…`, or `nil` for callers without a credential.
    let organization: String?
    let credential: String?
    /// The network that it came from; see `addressClass`.
    let network: String
    let method: String?
    let route: String?
    let status: Int?
    let code: String

    init(_ refusal: Refusal) {
        organization = refusal.principal?.organization
        credential = refusal.principal?.credential
        network = addressClass(of: refusal.remoteAddress)
        method = refusal.method
        route = refusal.route
        status = refusal.status
        code = refusal.code
    }

    private init(overflowCode: String) {
        (organization, credential, method, route, status) = (nil, nil, nil, nil, nil)
        network = "various"
        code = overflowCode
    }

    /// Takes up what comes when too many kinds are open.
    static let overflow = RefusalKind(overflowCode: "various")
}

/// One line for the trail: that something was refused, once or many times.
struct RefusalNote: Sendable {
    let kind: RefusalKind
    /// Of the last refusal that is counted in it.
    var requestID: String
    var count: Int64
    let firstAt: Instant
    var lastAt: Instant

    mutating func add(_ other: RefusalNote) {
        requestID = other.requestID
        count += other.count
        lastAt = max(lastAt, other.lastAt)
    }

    var entry: AuditEntry {
        AuditEntry(
            chain: kind.organization ?? AuditTrail.platformChain,
            action: "request.refused",
            origin: Origin(
                organization: kind.organization,
                credential: kind.credential,
                requestID: requestID,
                method: kind.method,
                route: kind.route
            ),
            outcome: .refused(status: kind.status, code: kind.code),
            subject: nil,
            detail: [
                JSON.Member("count", .integer(count)),
                JSON.Member("first_at", JSON(firstAt)),
                JSON.Member("last_at", JSON(lastAt)),
                JSON.Member("network", JSON(kind.network)),
            ]
        )
    }
}

/// Decides which refusals are written and which are only counted. No I/O, no clock.
///
/// The first of a kind is written at once and opens a window; the ones that follow within it become one note when it
/// closes. So a flood costs two notes a minute for every kind, and the number of kinds is bounded.
struct RefusalWindows {
    static let windowSeconds: Int64 = 60

    private let maximumKinds: Int
    private var windows: [RefusalKind: Window] = [:]

    private struct Window {
        let openedAt: Instant
        var counted: RefusalNote?

        func isClosed(at now: Instant) -> Bool {
            // A clock that was set back closes it too: it must not stay open until the clock has caught up.
            !(0..<windowSeconds).contains(now.seconds(since: openedAt))
        }

        mutating func count(_ note: RefusalNote) {
            if counted == nil {
                counted = note
            } else {
                counted?.add(note)
            }
        }
    }

    init(maximumKinds: Int) {
        self.maximumKinds = maximumKinds
    }

    /// - Returns: what has to be written now.
    mutating func take(_ refusal: Refusal, at now: Instant) -> [RefusalNote] {
        let kind = admitted(RefusalKind(refusal), at: now)
        let note = RefusalNote(kind: kind, requestID: refusal.requestID, count: 1, firstAt: now, lastAt: now)
        guard var window = windows[kind], !window.isClosed(at: now) else {
            let earlier = windows[kind]?.counted
            windows[kind] = Window(openedAt: now)
            return [earlier, note].compactMap(\.self)
        }
        window.count(note)
        windows[kind] = window
        return []
    }

    /// What has been counted and not written. Windows stay open for as long as they would have.
    mutating func drain(at now: Instant, closedOnly: Bool) -> [RefusalNote] {
        var notes: [RefusalNote] = []
        for (kind, window) in windows where window.isClosed(at: now) || !closedOnly {
            if let counted = window.counted { notes.append(counted) }
            windows[kind] = window.isClosed(at: now) ? nil : Window(openedAt: window.openedAt)
        }
        return notes.sorted { ($0.firstAt, $0.requestID) < ($1.firstAt, $1.requestID) }
    }

    /// Takes back a note that could not be written, to be counted into a later one.
    mutating func giveBack(_ note: RefusalNote) {
        windows[note.kind, default: Window(openedAt: note.firstAt)].count(note)
    }

    private mutating func admitted(_ kind: RefusalKind, at now: Instant) -> RefusalKind {
        if windows[kind] != nil || windows.count < maximumKinds { return kind }
        windows = windows.filter { !$0.value.isClosed(at: now) || $0.value.counted != nil }
        return windows.count < maximumKinds ? kind : .overflow
    }
}

import Foundation
import Synchronization

/// Stands between a store and its server, and does to what passes what a bad network does.
final class FaultyWire: Sendable {
    enum Fault: Sendable {
        /// The next commit reaches the server, and its answer does not come back.
        case losesCommitAnswer
        /// The next commit does not reach the server.
        case losesCommit
        /// Takes everything and passes nothing on, without a word.
        case swallows
        /// Turns away who connects.
        case refuses
    }

    private struct State {
        var fault: Fault?
        var links: [ObjectIdentifier: Link] = [:]
        var isOver = false
    }

    let port: Int
    private let listener: Int32
    private let serverPort: Int
    private let state = Mutex(State())

    private init(to serverPort: Int) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0, withLoopback(0, { bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0 else {
            throw CocoaError(.fileReadUnknown)
        }
        self.listener = listener
        self.serverPort = serverPort
        port = boundPort(of: listener)
    }

    static func start(to serverPort: Int) throws -> FaultyWire {
        let wire = try FaultyWire(to: serverPort)
        Thread { wire.accept() }.start()
        return wire
    }

    func set(_ fault: Fault?) {
        state.withLock { $0.fault = fault }
    }

    /// Cuts off everybody who is connected.
    func cut() {
        for link in state.withLock({ Array($0.links.values) }) { link.cut() }
    }

    func end() {
        state.withLock { $0.isOver = true }
        cut()
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            let (fault, isOver) = state.withLock { ($0.fault, $0.isOver) }
            guard client >= 0, !isOver else { break }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            if case .refuses = fault {
                close(client)
                close(server)
            } else if withLoopback(serverPort, { connect(server, $0, $1) }) == 0 {
                start(Link(client: client, server: server))
            }
        }
        close(listener)
    }

    private func start(_ link: Link) {
        state.withLock { $0.links[ObjectIdentifier(link)] = link }
        Thread { [self] in
            link.pass(from: link.client, to: link.server) { passesRequest($0, on: link) }
            link.cut()
        }.start()
        Thread { [self] in
            link.pass(from: link.server, to: link.client) { passesAnswer($0, on: link) }
            link.cut()
            _ = state.withLock { $0.links.removeValue(forKey: ObjectIdentifier(link)) }
        }.start()
    }

    private func passesRequest(_ bytes: ArraySlice<UInt8>, on link: Link) -> Link.Verdict {
        let isCommit = bytes.contains(UInt8(ascii: "C")) && String(decoding: bytes, as: UTF8.self).contains("COMMIT\0")
        return state.withLock { state in
            switch state.fault {
            case .swallows: return .swallow
            case .losesCommit where isCommit:
                state.fault = nil
                return .cut
            case .losesCommitAnswer where isCommit:
                state.fault = nil
                link.isDeaf.store(true, ordering: .sequentiallyConsistent)
                return .pass
            default: return .pass
            }
        }
    }

    private func passesAnswer(_ bytes: ArraySlice<UInt8>, on link: Link) -> Link.Verdict {
        if link.isDeaf.load(ordering: .sequentiallyConsistent) { return .cut }
        if case .swallows = state.withLock(\.fault) { return .swallow }
        return .pass
    }
}

/// A client and its server.
private final class Link: Sendable {
    enum Verdict {
        case pass
        case swallow
        case cut
    }

    let client: Int32
    let server: Int32
    /// Nothing that the server says is passed on any more.
    let isDeaf = Atomic<Bool>(false)

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
    }

    /// Both threads hold it: the ends are closed when neither reads any more.
    deinit {
        close(client)
        close(server)
    }

    func cut() {
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    func pass(from source: Int32, to target: Int32, _ judge: (ArraySlice<UInt8>) -> Verdict) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            switch judge(buffer[..<count]) {
            case .swallow: continue
            case .cut: return
            case .pass: guard sendAll(buffer[..<count], to: target) else { return }
            }
        }
    }

    private func sendAll(_ bytes: ArraySlice<UInt8>, to target: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
                let count = send(target, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }
}

private func withLoopback(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

private func boundPort(of listener: Int32) -> Int {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
}

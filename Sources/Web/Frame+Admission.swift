import Core
import HTTPTypes
import HummingbirdCore

/// What can be said about a request by its head alone.
extension Frame {
    func admit(_ exchange: Exchange) throws {
        try checkHost(exchange)
        try checkCoding(exchange)
        try checkExpectation(exchange)
        try checkPath(exchange)
        // Where the method itself is wrong, that is what the caller is told.
        if exchange.isRead, exchange.hasBody, exchange.route != nil { throw Failure(.bodyNotAllowed) }
    }

    /// RFC 9112, section 3.2: exactly one, or the connection may have been desynchronised on purpose. The framework
    /// takes the first `Host` for the authority and leaves any other among the headers.
    private func checkHost(_ exchange: Exchange) throws {
        guard
            let authority = exchange.facts.head.authority, isValidAuthority(authority),
            exchange.headers.secondHost == nil
        else { throw WebProblem(Failure(.invalidHost), headers: [.connection: "close"]) }
    }

    private func isValidAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && text.utf8.allSatisfy(isAuthorityByte)
    }

    /// RFC 3986, section 3.2.2, without the user information that HTTP forbids.
    private func isAuthorityByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~%!$&'()*+,;=:[]".utf8.contains(byte)
        }
    }

    /// The parser notices any other coding only after it has handed out the head.
    private func checkCoding(_ exchange: Exchange) throws {
        guard let coding = exchange.headers.transferEncoding, coding.lowercased() != "chunked" else { return }
        throw WebProblem(Failure(.malformedRequest), headers: [.connection: "close"])
    }

    private func checkExpectation(_ exchange: Exchange) throws {
        guard let expectation = exchange.headers.expect, expectation.lowercased() != "100-continue" else { return }
        throw WebProblem(Failure(.expectationFailed), headers: [.connection: "close"])
    }

    /// One resource has one path: the router would overlook doubled and trailing slashes.
    private func checkPath(_ exchange: Exchange) throws {
        guard exchange.method != .connect, exchange.path != "*" else { return }
        guard exchange.path.utf8.first == UInt8(ascii: "/") else { throw Failure(.malformedPath) }
        guard isPlain(exchange.path) else { throw Failure(.notFound) }
    }

    func isPlain(_ path: String) -> Bool {
        var previous: UInt8 = 0
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/"), previous == byte { return false }
            previous = byte
        }
        return previous != UInt8(ascii: "/") || path.utf8.count == 1
    }
}

import Core
import HTTPTypes
import NIOCore
import Testing

@testable import Web

@Suite("Lines of a streamed body")
struct BodyLinesTests {
    private func lines(_ chunks: [String], maximumBytes: Int = 10, bodyBytes: Int = .max) async throws -> [String] {
        let stream = BodyStream(chunks: chunks.map { ByteBuffer(string: $0) }, maximumBytes: bodyBytes)
        var lines: [String] = []
        for try await line in stream.lines(maximumBytes: maximumBytes) {
            lines.append(String(decoding: line, as: UTF8.self))
        }
        return lines
    }

    static let cuts: [([String], [String])] = [
        (["a\nb\n"], ["a", "b"]),
        (["a\nb"], ["a", "b"]),
        (["a", "b\n", "c"], ["ab", "c"]),
        (["a\r", "\nb\r\n"], ["a", "b"]),
        (["\n\na\n"], ["", "", "a"]),
        ([""], []),
        ([], []),
        (["车", "信\n"], ["车信"]),
        (["0123456789\n"], ["0123456789"]),
        (["0123456789\r\n"], ["0123456789"]),
        (["01234", "56789", "\n"], ["0123456789"]),
    ]

    @Test(arguments: cuts)
    func `lines are the same wherever the chunks are cut`(chunks: [String], expected: [String]) async throws {
        #expect(try await lines(chunks) == expected)
    }

    @Test
    func `cutting at every byte changes nothing`() async throws {
        let text = "one\ntwo\r\n\nthree"
        #expect(try await lines(text.map { String($0) }) == ["one", "two", "", "three"])
    }

    @Test(arguments: [["01234567890\n"], ["01234567890"], ["012345", "67890", "1"], ["ok\n", "01234567890"]])
    func `a line over the limit is refused`(chunks: [String]) async {
        let failure = await #expect(throws: Failure.self) { try await lines(chunks) }
        #expect(failure?.type == .lineTooLong)
    }

    @Test
    func `a body over its limit is refused`() async {
        let failure = await #expect(throws: Failure.self) { try await lines(["12345\n", "1234\n"], bodyBytes: 10) }
        #expect(failure?.type == .payloadTooLarge)
        #expect(failure?.type.status == .contentTooLarge)
    }
}

@Suite("Patience with a slow body")
struct PatienceTests {
    private var pace: BodyPace {
        var pace = BodyPace()
        pace.grace = .seconds(5)
        pace.minimumBytesPerSecond = 1024
        return pace
    }

    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(seconds) * 1_000_000_000) }

    @Test
    func `nobody is waited for without a wait`() {
        #expect(Patience(pace: pace).deadline == nil)
    }

    @Test
    func `silence is borne for the grace and no longer`() {
        var patience = Patience(pace: pace)
        patience.startWaiting(at: at(100))
        patience.startWaiting(at: at(103))
        #expect(patience.deadline == at(105))
    }

    @Test
    func `every byte earns time, up to the grace`() {
        var patience = Patience(pace: pace)
        patience.startWaiting(at: at(100))
        patience.received(2048, at: at(104))
        #expect(patience.deadline == nil)
        patience.startWaiting(at: at(104))
        #expect(patience.deadline == at(107))
        patience.received(1_000_000, at: at(106))
        patience.startWaiting(at: at(200))
        #expect(patience.deadline == at(205))
    }

    @Test
    func `a dribble of one byte a second ends soon`() {
        var patience = Patience(pace: pace)
        var now: Int64 = 100
        while true {
            patience.startWaiting(at: at(now))
            guard let deadline = patience.deadline, deadline > at(now + 1) else { break }
            now += 1
            patience.received(1, at: at(now))
        }
        #expect((104...106).contains(now))
    }

    @Test
    func `time that we take ourselves does not count`() {
        var patience = Patience(pace: pace)
        patience.startWaiting(at: at(100))
        patience.received(1, at: at(101))
        patience.startWaiting(at: at(500))
        #expect(patience.deadline! > at(503))
    }
}

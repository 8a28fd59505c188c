import Core
import Support
import Testing

@testable import Outbound

@Suite struct PageReaderTests {
    /// On a thread of its own: reading waits.
    private func pages(_ reader: PageReader, _ paths: String...) async throws -> [PageReader.Page] {
        let thread = WorkerThreads(concurrentMaximum: 1, waitingMaximum: 1, refusal: Failure(.outboundBusy))
        return try await thread.perform { try paths.map { try reader.page($0) } }
    }

    private func address(_ receiver: Receiver) -> String { "http://127.0.0.1:\(receiver.port)/log/" }

    @Test func `pages are read one after the other, each whole`() async throws {
        let receiver = try await Receiver.start { number, request in .answer(200, body: "\(number) \(request.path)") }
        let pages = try await pages(PageReader(base: address(receiver)), "tile/0/000", "tile/0/001")
        #expect(pages.map(\.status) == [200, 200])
        #expect(pages.map { String(decoding: $0.body, as: UTF8.self) } == ["1 /log/tile/0/000", "2 /log/tile/0/001"])
    }

    @Test func `what is not there is an answer, and so is a wish to wait`() async throws {
        let receiver = try await Receiver.start { number, _ in
            number == 1 ? .answer(404) : .answer(429, body: "later", headers: [("Retry-After", "7")])
        }
        let pages = try await pages(PageReader(base: address(receiver)), "a", "b")
        #expect(pages.map(\.status) == [404, 429])
        #expect(pages.map(\.retryAfterSeconds) == [0, 7])
    }

    @Test func `a redirect is not followed`() async throws {
        let receiver = try await Receiver.start { _, _ in .answer(302, headers: [("Location", "http://127.0.0.1:1/")]) }
        #expect(try await pages(PageReader(base: address(receiver)), "a").map(\.status) == [302])
        #expect(receiver.requests.count == 1)
    }

    @Test func `a page without end is not read to the end, and the next one is read`() async throws {
        let receiver = try await Receiver.start { number, _ in
            number == 1 ? .huge(byteCount: PageReader.pageBytes + 1) : .huge(byteCount: PageReader.pageBytes)
        }
        let reader = PageReader(base: address(receiver))
        let fault = await #expect(throws: PageReader.Fault.self) { try await pages(reader, "a") }
        #expect(fault?.reason == "a page is too large")
        #expect(try await pages(reader, "b").first?.body.count == PageReader.pageBytes)
    }

    @Test(arguments: [("http://127.0.0.1:1", "a"), ("ftp://127.0.0.1", "a"), ("http://nowhere.invalid", "a")])
    func `an address where nobody answers is said to be one`(base: String, path: String) async throws {
        let fault = await #expect(throws: PageReader.Fault.self) { try await pages(PageReader(base: base), path) }
        #expect(fault?.reason.isEmpty == false)
    }

    @Test func `what is no answer of HTTP is none`() async throws {
        let receiver = try await Receiver.start { _, _ in .garbage }
        await #expect(throws: PageReader.Fault.self) { try await pages(PageReader(base: address(receiver)), "a") }
    }
}

import Core
import Cryptography
import Testing

@testable import Ledger

struct EventKindTests {
    @Test(arguments: [
        "scrapped", "odometer.read", "insurance.total_loss", "a", "a.b", "a._", "payload.erased",
        String(repeating: "a", count: 64), String(repeating: "a", count: 31) + "." + String(repeating: "_", count: 32),
    ])
    func `accepts dotted lower-case texts`(text: String) throws {
        #expect(try EventKind(parsing: text).text == text)
        #expect(try "\(EventKind(parsing: text))" == text)
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a.b.c", "a..b", "_", "a_b", "a_b.c", "Odometer.read", "odometer.Read", "odometer read",
        "odometer.read ", "odometer.read2", "odometer-read", "里程.read", "odometer.re\u{E4}d", "a\u{0}",
        String(repeating: "a", count: 65),
    ])
    func `refuses everything else`(text: String) {
        let fault = #expect(throws: TextFault.self) { try EventKind(parsing: text) }
        #expect(fault?.code == "kind_format")
    }

    @Test(arguments: [
        ("entry.corrected", true), ("entry.retracted", true), ("payload.erased", false), ("scrapped", false),
    ])
    func `corrections and retractions point at an entry`(text: String, corrects: Bool) throws {
        #expect(try EventKind(parsing: text).corrects == corrects)
        #expect(Array(text.utf8).withUnsafeBytes { EventKind.corrects($0) } == corrects)
    }

    @Test func `the kinds that the ledger itself knows are named as in the format`() {
        #expect(EventKind.entryCorrected.text == "entry.corrected")
        #expect(EventKind.entryRetracted.text == "entry.retracted")
        #expect(EventKind.payloadErased.text == "payload.erased")
    }

    @Test(arguments: [("payload.erased", true), ("payload.erase", false), ("payload.erasedx", false), ("", false)])
    func `an erasure is told by its whole kind`(text: String, erases: Bool) {
        #expect(Array(text.utf8).withUnsafeBytes { EventKind.erases($0) } == erases)
    }
}

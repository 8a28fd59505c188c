import Cryptography
import Foundation
import Identity
import People
import Storage
import Support
import Testing

@Suite struct SubjectsAtRestTests {
    /// Every way in which a text is likely to be written down.
    static func forms(of text: String) -> [String: [UInt8]] {
        let utf8 = Array(text.utf8)
        let units = Array(text.utf16)
        let hex = utf8.map { String(format: "%02x", $0) }.joined()
        var forms: [String: [UInt8]] = [
            "UTF-8": utf8,
            "UTF-16LE": units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            "UTF-16BE": units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
            "hex": Array(hex.utf8),
            "HEX": Array(hex.uppercased().utf8),
            "escapes": Array(units.map { String(format: "\\u%04x", $0) }.joined().utf8),
        ]
        // Wherever the text begins within a longer one: the digits that it alone decides.
        for lead in 0..<3 {
            let digits = Data([UInt8](repeating: 0, count: lead) + utf8).base64EncodedString()
            let own = digits.dropFirst(lead == 0 ? 0 : lead + 1).prefix { $0 != "=" }.dropLast()
            forms["base64+\(lead)"] = Array(own.utf8)
        }
        return forms
    }

    static func finds(_ text: String, in bytes: [UInt8]) -> [String] {
        let data = Data(bytes)
        return forms(of: text).filter { data.range(of: Data($0.value)) != nil }.map(\.key).sorted()
    }

    @Test func `the search finds what is there`() {
        let text = "欧阳若曦禾"
        for (name, form) in SubjectsAtRestTests.forms(of: text) {
            #expect(SubjectsAtRestTests.finds(text, in: [1, 2] + form + [3]).contains(name))
        }
        for lead in ["", "a", "ab", "abc"] {
            let coded = Array(Data("\(lead)\(text)!".utf8).base64EncodedString().utf8)
            #expect(!SubjectsAtRestTests.finds(text, in: coded).isEmpty)
        }
    }

    @Test(arguments: Engine.allCases)
    func `store, log and backup hold no name, no phone and no number`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine, in: .disk)
        let id = try await world.person()
        try await world.write { [vault = world.vault] tx in
            try tx.execute("INSERT INTO store_fact (name, value) VALUES (\("planted"), \("梧桐里可见"))")
            try vault.put(tx, id, [.name: "上官清越河", .phone: "13987654321"])
            _ = try vault.read(tx, id, Set(PersonalField.allCases), for: .payment, by: SubjectWorld.origin)
            _ = try vault.find(tx, .residentID, equal: "110105199003078879")
        }
        let planted = SubjectWorld.person.values + ["上官清越河", "13987654321"]
        let live = try await world.store.backup()
        #expect(SubjectsAtRestTests.finds("梧桐里可见", in: live).contains("UTF-8"), "these bytes are not the store's")
        for text in planted { #expect(SubjectsAtRestTests.finds(text, in: live) == []) }
        try await world.store.database.forgetDeleted()
        let settled = try await world.store.backup()
        for text in planted { #expect(SubjectsAtRestTests.finds(text, in: settled) == []) }
        try await world.store.database.close()
    }
}

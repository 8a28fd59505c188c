import Claims
import Foundation
import Support
import Testing

@testable import chexin

@Suite struct RepairGuideFileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func complaint(_ text: String?) throws -> String {
        let path = directory.path("guide.json")
        if let text { try Data(text.utf8).write(to: URL(filePath: path)) }
        do {
            _ = try RepairGuide.read(at: path)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `a guide without a line is one`() throws {
        let text = """
            {"version": "guide-0", "source": {"basis": "own_proposal", "zh": "平台", "en": "platform"},
             "hourly_rate_maximum_fen": 18000, "price_tolerance_bp": 0, "parts": [], "operations": []}
            """
        #expect(try complaint(text).isEmpty)
    }

    @Test(arguments: [nil, "{", "[]", #"{"version": "x"}"#])
    func `whatever is wrong, the setting is named`(text: String?) throws {
        #expect(try complaint(text).contains("CHEXIN_REPAIR_GUIDE: \(directory.path("guide.json"))"))
    }

    @Test func `every fault of the file is told at once`() throws {
        let sentence = try complaint(#"{"version": "x", "parts": [{"component": "a", "price_fen": 0, "grades": []}]}"#)
        for pointer in ["/source", "/parts/0/price_fen", "/parts/0/grades", "/operations"] {
            #expect(sentence.contains(pointer), "\(sentence)")
        }
    }
}

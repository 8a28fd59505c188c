import Core
import Support
import Testing

@testable import Listings

@Suite struct ListingStateTests {
    /// Where each step leads, `-` where it is refused.
    private static let steps = TextTable(
        """
        status     publish    withdraw   reserve   release    mark_sold
        draft      published  -          -         -          -
        published  -          withdrawn  reserved  -          sold
        reserved   -          withdrawn  -         published  sold
        withdrawn  published  -          -         -          -
        sold       -          -          -         -          -
        """
    )

    @Test(arguments: steps.rows)
    func `every step leads where the table says, or is refused with what would be possible`(
        row: TextTable.Row
    ) throws {
        let status = try #require(ListingStatus(rawValue: row["status"]))
        let possible = ListingStep.allCases.filter { row[$0.rawValue] != "-" }
        for step in ListingStep.allCases {
            if row[step.rawValue] != "-" {
                #expect(try step.applied(to: status).rawValue == row[step.rawValue])
                continue
            }
            let refusal = #expect(throws: Failure.self) { try step.applied(to: status) }
            #expect(refusal?.type == .listingState)
            for other in possible { #expect(refusal?.detail.zh.contains(other.rawValue) == true) }
            #expect(refusal?.detail.en.contains("nothing is any more") == possible.isEmpty)
        }
    }

    @Test func `what strangers see and what may be changed`() {
        #expect(ListingStatus.allCases.filter(\.isPublic) == [.published, .reserved, .sold])
        #expect(ListingStatus.allCases.filter(\.isLive) == [.published, .reserved])
        #expect(ListingStatus.allCases.filter(\.isEditable) == [.draft, .published, .withdrawn])
    }
}

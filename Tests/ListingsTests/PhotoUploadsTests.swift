import Core
import Imaging
import Testing

@testable import Listings

@Suite struct PhotoUploadsTests {
    @Test func `no more images are in memory than there are places, and a place that is left is free again`() throws {
        let uploads = PhotoUploads(maximum: 2)
        var places = [try uploads.take(), try uploads.take()]
        let refusal = #expect(throws: Failure.self) { try uploads.take() }
        #expect(refusal == .imagingBusy)
        places.removeLast()
        places.append(try uploads.take())
        #expect(throws: Failure.self) { try uploads.take() }
    }
}

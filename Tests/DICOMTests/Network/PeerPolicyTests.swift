import Testing

@testable import DICOM

@Suite("Titles, hosts and UIDs")
struct PeerPolicyTests {
    @Test("AE titles lose their padding and refuse what the standard refuses")
    func titles() throws {
        #expect(try AETitle(" PORTICO  ").value == "PORTICO")
        #expect(try AETitle("A B").value == "A B")
        for wrong in ["", "   ", "SEVENTEEN LETTERS", "A\\B", "Ä", "A\nB"] {
            #expect(throws: DICOMError.self, "\(wrong)") { try AETitle(wrong) }
        }
    }

    @Test(
        "A rule names a title, hosts and blocks of hosts",
        arguments: [
            ("MR", "10.0.0.5", true), ("MR", "10.0.1.5", false), ("mr", "10.0.0.5", false), ("MR ", "10.0.0.5", true),
            ("CT", "10.0.0.5", false), ("MR", "fd00::17", true), ("MR", "fd01::17", false), ("MR", "", false),
            ("MR", "127.0.0.1", true),
        ])
    func rules(title: String, address: String, isAllowed: Bool) throws {
        let rule = PeerRule(aeTitle: try AETitle("MR"), hosts: ["10.0.0.0/24", "fd00::/16", "localhost"])
        #expect(PeerPolicy.listed([rule]).allows(callingTitle: title, address: address) == isAllowed)
    }

    @Test("An empty list lets nobody in, and a rule without hosts every host")
    func emptiness() throws {
        #expect(!PeerPolicy.listed([]).allows(callingTitle: "X", address: "1.2.3.4"))
        #expect(PeerPolicy.anyone.allows(callingTitle: "", address: ""))
        let rule = PeerRule(aeTitle: nil, hosts: [])
        #expect(PeerPolicy.listed([rule]).allows(callingTitle: "X", address: "1.2.3.4"))
        #expect(AddressBlock("10.0.0.0/33") == nil && AddressBlock("10.0.0.0/-1") == nil)
        #expect(AddressBlock("0.0.0.0/0").map { $0.contains(NetworkAddress("9.9.9.9") ?? $0.address) } == true)
    }

    @Test("A UID is digits and dots, and never a way out of a folder")
    func uids() {
        #expect(UID("1.2.840.10008.1.1\0")?.value == "1.2.840.10008.1.1")
        #expect(UID("1.02.3 ")?.isStrict == false)
        #expect(UID("1.2.3")?.isStrict == true)
        for wrong in ["", ".", "..", "../x", "1.2/3", "1.2 3", "a", String(repeating: "1", count: 65)] {
            #expect(UID(wrong) == nil, "\(wrong)")
        }
    }
}

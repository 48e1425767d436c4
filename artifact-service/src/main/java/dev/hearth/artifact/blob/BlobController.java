package dev.hearth.artifact.blob;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Signs addresses for our own services. */
@RestController
class BlobController {

  private final BlobStore store;

  BlobController(BlobStore store) {
    this.store = store;
  }

  /** 204 when the digest is stored already, else 201 and where to PUT it. */
  @PostMapping("/blobs/{digest}")
  ResponseEntity<Void> prepareUpload(@PathVariable String digest) {
    var wanted = new Digest(digest);
    if (store.size(wanted).isPresent()) {
      return ResponseEntity.noContent().build();
    }
    return ResponseEntity.created(store.uploadAddress(wanted)).build();
  }

  /** 307 to where the bytes are. */
  @GetMapping("/blobs/{digest}")
  ResponseEntity<Void> prepareDownload(@PathVariable String digest) {
    var wanted = new Digest(digest);
    if (store.size(wanted).isEmpty()) {
      throw new HearthException(ErrorCode.NOT_FOUND, wanted + " is not stored");
    }
    return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
        .location(store.downloadAddress(wanted))
        .build();
  }
}

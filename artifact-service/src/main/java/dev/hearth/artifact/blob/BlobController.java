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

/** Presigns addresses of blobs for Hearth's own services. */
@RestController
class BlobController {

  private final BlobStore store;

  BlobController(BlobStore store) {
    this.store = store;
  }

  /** Responds with 204 if the digest is already stored, else with 201 and the address for a PUT. */
  @PostMapping("/blobs/{digest}")
  ResponseEntity<Void> prepareUpload(@PathVariable String digest) {
    var wanted = new Digest(digest);
    if (store.size(wanted).isPresent()) {
      return ResponseEntity.noContent().build();
    }
    return ResponseEntity.created(store.uploadAddress(wanted)).build();
  }

  /** Redirects (307) to a presigned address of the blob. */
  @GetMapping("/blobs/{digest}")
  ResponseEntity<Void> prepareDownload(@PathVariable String digest) {
    var wanted = new Digest(digest);
    if (store.size(wanted).isEmpty()) {
      throw new HearthException(ErrorCode.NOT_FOUND, "The object store has no " + wanted + ".");
    }
    return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
        .location(store.downloadAddress(wanted))
        .build();
  }
}
